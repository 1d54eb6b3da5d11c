package io.rona.teacher;

import io.rona.query.ReleasedHead;

/**
 * What the training of a private head gives, all of it public.
 *
 * @param publicOnly the head of public data alone, on the same backbone
 * @param head the head that the sensitive records taught
 */
public record PrivateHead(PublicOnlyModel publicOnly, ReleasedHead head) {}
