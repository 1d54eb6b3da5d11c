package io.rona.teacher;

import io.rona.privacy.Adjacency;
import io.rona.query.testing.TestBudget;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that each have a directory and the budget of a sensitive data set of their own. */
abstract class BudgetedTest {
  private final String dataset;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  Path directory;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  TestBudget budget;

  BudgetedTest(String datasetDigest) {
    this.dataset = datasetDigest;
  }

  @BeforeEach
  void openBudget() {
    budget = TestBudget.of(directory, Adjacency.ADD_REMOVE, dataset, 7);
  }

  @AfterEach
  void closeBudget() {
    budget.close();
  }
}
