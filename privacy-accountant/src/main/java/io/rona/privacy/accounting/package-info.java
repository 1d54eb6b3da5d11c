/**
 * What events cost: accountants, conversions, calibration, filters and plans.
 *
 * <p>Every number returned here is an upper bound on the privacy loss, or says otherwise. A
 * numerical doubt is an exception or positive infinity, never a smaller epsilon.
 */
@NullMarked
package io.rona.privacy.accounting;

import org.jspecify.annotations.NullMarked;
