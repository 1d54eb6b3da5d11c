package io.rona.privacy.certificate;

import io.rona.privacy.certificate.AuditedSpend.State;
import java.util.List;

/**
 * What an audited ledger says about one run and about all of them.
 *
 * <p>Reservations count unless they were given back: what crashed may have been released.
 *
 * @param all the reservations that count
 * @param ofRun those of the run
 */
record AuditedRun(List<AuditedSpend> all, List<AuditedSpend> ofRun) {
  static AuditedRun of(AccountAudit account, String runId) {
    List<AuditedSpend> all =
        account.spends().stream().filter(spend -> spend.state() != State.GIVEN_BACK).toList();
    List<AuditedSpend> ofRun = all.stream().filter(spend -> spend.runId().equals(runId)).toList();
    if (ofRun.stream().noneMatch(spend -> spend.state() == State.COMMITTED)) {
      throw new VerificationException("the ledger holds no release of run " + runId);
    }
    return new AuditedRun(all, ofRun);
  }

  AuditedEvent runEvent() {
    return compose(ofRun);
  }

  AuditedEvent totalEvent() {
    return compose(all);
  }

  boolean releasable() {
    return ofRun.stream().allMatch(AuditedSpend::releasable);
  }

  private static AuditedEvent compose(List<AuditedSpend> spends) {
    return spends.stream().map(AuditedSpend::event).reduce(AuditedEvent.NONE, AuditedEvent::plus);
  }
}
