package io.rona.privacy.certificate;

import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.SpendState;
import io.rona.privacy.ledger.VerifiedExtract;
import java.util.List;

/** What a verified extract says about one run and about its whole account. */
final class LedgerSpends {
  private final List<SpendRecord> all;
  private final List<SpendRecord> ofRun;

  private LedgerSpends(List<SpendRecord> all, List<SpendRecord> ofRun) {
    this.all = all;
    this.ofRun = ofRun;
  }

  /** Reservations count unless they were given back: what crashed may have been released. */
  static LedgerSpends of(VerifiedExtract extract, String runId) {
    List<SpendRecord> all =
        extract.spends().stream().filter(spend -> spend.state() != SpendState.RELEASED).toList();
    List<SpendRecord> ofRun = all.stream().filter(spend -> spend.runId().equals(runId)).toList();
    if (ofRun.stream().noneMatch(spend -> spend.state() == SpendState.COMMITTED)) {
      throw new VerificationException("the ledger holds no release of run " + runId);
    }
    return new LedgerSpends(all, ofRun);
  }

  DpEvent runEvent() {
    return compose(ofRun);
  }

  DpEvent totalEvent() {
    return compose(all);
  }

  int runCount() {
    return ofRun.size();
  }

  boolean releasable() {
    return ofRun.stream().allMatch(SpendRecord::releasable);
  }

  private static DpEvent compose(List<SpendRecord> spends) {
    return spends.size() == 1
        ? spends.get(0).event()
        : new ComposedEvent(spends.stream().map(SpendRecord::event).toList());
  }
}
