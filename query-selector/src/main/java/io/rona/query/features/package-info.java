/**
 * What is learned from public inputs alone and shared by all teachers: feature maps, linear fits,
 * augmentation.
 */
@NullMarked
package io.rona.query.features;

import org.jspecify.annotations.NullMarked;
