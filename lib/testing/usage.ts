import { verbsText } from './admin/admin-verbs.js';
import { EMULATOR_TARGETS } from './emulator-target.js';

/** What `--help` prints. */
export const USAGE = `Usage: alibaba-cloud-emulator [options]

Runs dedicated KMS, the shared KMS API, an OpenAPI gateway, OSS, STS and a metadata server on this machine, and prints
the environment variables that point an application at them.

Options:
  --secret NAME       a managed RAM credential that exists from the start; may be repeated
  --endpoint PAIR     a variable of yours that gets a target's address: ECS_ENDPOINT=openapi; may be repeated
  --port PORT         where the verbs below are listened for; any free port without it
  --format FORMAT     of what is printed: sh (export lines), dotenv, or json (one line with everything)
  --kms KMS           what the variables point at: dedicated, or shared
  --region ID         the main region; cn-hangzhou without it
  --replica ID        a further region with a KMS of its own over the same secrets; may be repeated
  --host ADDRESS      where the services listen; 127.0.0.1 without it
  --latency MS        how long every answer takes at least
  --help

It runs until its input ends, the command quit, the verb stop, or Ctrl+C. With /dev/null as input, the first two are
left out. It removes its files then.

Commands, one a line of its input:
  secret NAME                     make a managed RAM credential
  rotate NAME                     planned rotation
  emergency NAME [LAG_MS]         emergency rotation; KMS may lag behind
  revoke ID | restore ID          refuse or accept an AccessKey
  fail TARGET FAULT [TIMES]       FAULT: drop, hang, truncate, garbage, an HTTP status, or refuse (until clear);
                                  kms@REGION and dedicatedKms@REGION mean the KMS of one region
  clear                           take all faults away
  requests [TARGET]               what was asked so far
  env                             the variables again
  help | quit
Targets: ${EMULATOR_TARGETS.join(', ')}

Verbs, over HTTP on loopback, each with a JSON object of these fields; those in brackets may be left out:
${verbsText().replaceAll(/^/gm, '  ')}
For example:
  curl --json '{"name":"oss-writer","kmsLagMs":3000}' http://127.0.0.1:PORT/emergencyRotate
`;
