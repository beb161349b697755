/** The secrets the demo's clients are signed with; name your own when you run it against a real KMS. */
export const ACS_SECRET = process.env['ACS_SECRET'] ?? 'ecs-operator';
export const OSS_SECRET = process.env['OSS_SECRET'] ?? 'oss-writer';
