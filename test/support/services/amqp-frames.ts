/** A frame of AMQP 0-9-1. */
export interface AmqpFrame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

export const FRAME = { method: 1, header: 2, body: 3 } as const;

const FRAME_END = 0xce;
const HEAD_BYTES = 7;

/** Takes whole frames off the front of what has arrived; the rest stays. */
export function takeFrames(received: Buffer): { frames: AmqpFrame[]; rest: Buffer } {
  const frames: AmqpFrame[] = [];
  let rest = received;
  while (rest.length >= HEAD_BYTES) {
    const end = HEAD_BYTES + rest.readUInt32BE(3);
    if (rest.length <= end) break;
    if (rest[end] !== FRAME_END) throw new Error('a frame without its end');
    const payload = rest.subarray(HEAD_BYTES, end);
    frames.push({ type: rest.readUInt8(0), channel: rest.readUInt16BE(1), payload });
    rest = rest.subarray(end + 1);
  }
  return { frames, rest };
}

/** A frame with one method: its class, its number and its arguments. */
export function methodFrame(channel: number, classId: number, methodId: number, ...args: Buffer[]): Buffer {
  const payload = Buffer.concat([short(classId), short(methodId), ...args]);
  const head = Buffer.concat([Buffer.from([FRAME.method]), short(channel), long(payload.length)]);
  return Buffer.concat([head, payload, Buffer.from([FRAME_END])]);
}

export function short(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function longLong(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

export function shortString(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

export function longString(text: string): Buffer {
  return Buffer.concat([long(Buffer.byteLength(text)), Buffer.from(text)]);
}
