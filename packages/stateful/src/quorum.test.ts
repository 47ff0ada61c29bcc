import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quorum, tolerance } from './quorum.ts';

const cases = [
  { voters: 1, majority: 1, failures: 0 },
  { voters: 2, majority: 2, failures: 0 },
  { voters: 3, majority: 2, failures: 1 },
  { voters: 4, majority: 3, failures: 1 },
  { voters: 5, majority: 3, failures: 2 },
  { voters: 9, majority: 5, failures: 4 },
];
for (const { voters, majority, failures } of cases) {
  test(`${voters} voters need ${majority} and survive ${failures}`, () => {
    assert.equal(quorum(voters), majority);
    assert.equal(tolerance(voters), failures);
  });
}
