package io.rona.teacher;

import io.rona.query.AdmittedModel;

/**
 * What a model that was trained elsewhere with differential privacy gives, all of it public.
 *
 * @param publicOnly the model of public data alone
 * @param model the model, paid for
 */
public record AdmittedTeacher(PublicOnlyModel publicOnly, AdmittedModel model) {}
