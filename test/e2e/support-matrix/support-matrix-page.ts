import type { Operation, WhenKeyDies } from './operation.js';
import { OPENAPI_CLIENT } from './tables/openapi-client.js';
import { OPENAPI_CORE } from './tables/openapi-core.js';
import { OPENAPI_GENERATED } from './tables/openapi-generated.js';
import { OSS_BUCKETS } from './tables/oss-buckets.js';
import { OSS_CLUSTER } from './tables/oss-cluster.js';
import { OSS_IMAGE } from './tables/oss-image.js';
import { OSS_LIVE_CHANNELS } from './tables/oss-live-channels.js';
import { OSS_MULTIPART } from './tables/oss-multipart.js';
import { OSS_OBJECTS } from './tables/oss-objects.js';
import { OSS_SIGNING } from './tables/oss-signing.js';
import { OSS_STS } from './tables/oss-sts.js';
import { ROA } from './tables/roa.js';
import { RPC } from './tables/rpc.js';

type Row = Pick<Operation<never>, 'name' | 'whenKeyDies' | 'remark'>;

const SECTIONS: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['acsClient: RPC of @alicloud/pop-core', RPC],
  ['roaClient: ROA of @alicloud/pop-core', ROA],
  ['ossClient: objects', OSS_OBJECTS],
  ['ossClient: multipart uploads', OSS_MULTIPART],
  ['ossClient: buckets', OSS_BUCKETS],
  ['ossClient: live channels', OSS_LIVE_CHANNELS],
  ['ossClient: URLs, forms and signatures', OSS_SIGNING],
  ['ossImageClient', OSS_IMAGE],
  ['ossClusterClient, with two nodes', OSS_CLUSTER],
  ['ossStsClient', OSS_STS],
  ['openApiClient: @alicloud/openapi-core', OPENAPI_CORE],
  ['openApiClient: @alicloud/openapi-client', OPENAPI_CLIENT],
  ['openApiClient: generated clients', OPENAPI_GENERATED],
];

const MEANING: Readonly<Record<WhenKeyDies, readonly [replayable: string, whatHappens: string]>> = {
  sentAgain: ['yes', 'Sent again with the new key.'],
  fails: ['no', "Fails with the SDK's error and stores nothing; the next call uses the new key."],
  signs: ['sends nothing', 'Signed with the current key; what a dead key has signed is no longer good.'],
  local: ['sends nothing', 'Needs no key.'],
};

const INTRODUCTION = `# Support matrix

What becomes of each operation when its key is revoked before the cloud has verified the call. Every row is a test: the key
dies between two calls, while the first request is under way, and in the middle of an operation of several requests. Results,
requests and everything stored must equal what the SDK's own client does with a key that lives. OSS is run with signature
versions 1 and 4, and its HEAD requests also against a gateway that hides why it refuses.

This page is generated from those tests: \`npm run docs:matrix\`.
`;

/** The page for users, as the tables say it. */
export function supportMatrixPage(): string {
  return [INTRODUCTION, ...SECTIONS.map(([title, rows]) => `## ${title}\n\n${tableOf(rows)}\n`)].join('\n');
}

function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ name, whenKeyDies, remark }) => {
    const [replayable, whatHappens] = MEANING[whenKeyDies];
    return [`\`${name}\``, replayable, remark === '' ? whatHappens : `${whatHappens} ${remark}`];
  });
  const header = ['Operation', 'Replayable', 'When the key dies'];
  const widths = header.map((title, column) =>
    Math.max(...[header, ...cells].map((row) => row[column]?.length ?? title.length)),
  );
  const lineOf = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [header, rule, ...cells].map(lineOf).join('\n');
}
