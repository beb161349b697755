import type { ManagedCredentialsEvent } from 'nestjs-aliyun-managed-credentials';

import type { CloudChange } from '../cloud/cloud.js';
import type { Note } from './page-message.js';

type Line = Omit<Note, 'at'>;

/** What an event of the library means to somebody who watches; undefined for what is of no interest. */
export function describeEvent(event: ManagedCredentialsEvent): Line | undefined {
  switch (event.type) {
    case 'keyExpired':
      return {
        tone: 'info',
        text: `${event.secretName}: ${event.key.accessKeyId} was refused, KMS is asked`,
      };
    case 'rotated':
      return {
        tone: 'good',
        text: `${event.secretName}: ${event.to.accessKeyId} fetched in ${event.durationMs.toFixed(0)} ms`,
      };
    case 'keyNotReplaced':
      return {
        tone: 'bad',
        text: `${event.secretName}: no new key in ${seconds(event.waitedMs)}, calls fail until there is one`,
      };
    case 'keyAccepted':
      return {
        tone: 'good',
        text: `${event.secretName}: ${event.key.accessKeyId} is taken again, after ${seconds(event.failingMs)}`,
      };
    case 'refreshFailed':
      return { tone: 'bad', text: `${event.secretName}: KMS does not answer (${event.errorCode})` };
    case 'staleServed':
      return { tone: 'info', text: `${event.secretName}: the last good key goes on serving` };
    case 'recovered':
      return {
        tone: 'good',
        text: `${event.secretName}: KMS answers again, after ${seconds(event.outageMs)}`,
      };
    default:
      return undefined;
  }
}

/** What somebody has done by a button; undefined for what happens by itself. */
export function describeChange({ type, secretName, isManual }: CloudChange): Line | undefined {
  return isManual ? { tone: 'you', text: `You: ${deedOf(type, secretName ?? '')}` } : undefined;
}

function deedOf(type: CloudChange['type'], secretName: string): string {
  switch (type) {
    case 'emergency':
      return `emergency rotation of ${secretName}`;
    case 'lag':
      return `emergency rotation of ${secretName}, of which KMS does not know yet`;
    case 'planned':
      return `planned rotation of ${secretName}`;
    case 'revoked':
      return `the key of ${secretName} is revoked`;
    case 'kmsBroken':
      return 'KMS is broken';
    case 'mended':
      return 'KMS is mended, and revoked keys get a successor';
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
