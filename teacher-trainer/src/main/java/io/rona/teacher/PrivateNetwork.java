package io.rona.teacher;

import io.rona.query.ReleasedNetwork;

/**
 * What a training with DP-SGD gives, all of it public.
 *
 * @param publicOnly the model of public data alone
 * @param network the network that the sensitive records taught
 */
public record PrivateNetwork(PublicOnlyModel publicOnly, ReleasedNetwork network) {}
