/** Whether tests run at full length, as a step of CI does: more examples of each property, longer loads. */
export const LONG_TESTS = process.env['LONG_TESTS'] === '1';
