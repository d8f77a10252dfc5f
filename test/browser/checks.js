/** Counts checks; failures are printed at once, with what was found. */
export class Checks {
  passed = 0;
  failed = 0;

  /** One check: it holds if nothing was found. */
  none(name, found) {
    if (found.length === 0) {
      this.passed += 1;
    } else {
      this.fail(name, found.join('\n  '));
    }
  }

  equal(name, got, want) {
    const [left, right] = [JSON.stringify(got), JSON.stringify(want)];
    this.none(name, left === right ? [] : [`got  ${left}`, `want ${right}`]);
  }

  fail(name, reason) {
    this.failed += 1;
    console.error(`FAILED ${name}\n  ${reason}`);
  }
}
