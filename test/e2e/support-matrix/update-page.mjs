// Sets the variable itself, so that it works in every shell.
process.env['UPDATE_SUPPORT_MATRIX'] = '1';
process.argv.push('test/e2e/support-matrix/page.spec.ts');
await import('../../../node_modules/jest/bin/jest.js');
