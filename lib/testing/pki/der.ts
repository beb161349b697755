import forge from 'node-forge';

/** A node of an ASN.1 tree. */
export type Der = forge.asn1.Asn1;

const { asn1 } = forge;
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;

/** Bytes in the form that node-forge wants: one character a byte. */
export function toBinary(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** The tree as bytes. */
export function encode(node: Der): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** The tree that bytes hold. */
export function decode(bytes: Buffer): Der {
  return asn1.fromDer(toBinary(bytes));
}

export function sequence(...nodes: Der[]): Der {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, nodes);
}

export function oid(dotted: string): Der {
  return asn1.create(UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());
}

export function integer(value: number): Der {
  return asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

export function bigInteger(bytes: Buffer): Der {
  return asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, toBinary(bytes));
}

export function boolean(value: boolean): Der {
  return asn1.create(UNIVERSAL, asn1.Type.BOOLEAN, false, value ? '\u00ff' : '\u0000');
}

export function nothing(): Der {
  return asn1.create(UNIVERSAL, asn1.Type.NULL, false, '');
}

export function octets(bytes: Buffer): Der {
  return asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, toBinary(bytes));
}

/** @param unusedBits how many bits of the last byte do not count */
export function bits(bytes: Buffer, unusedBits = 0): Der {
  return asn1.create(
    UNIVERSAL,
    asn1.Type.BITSTRING,
    false,
    String.fromCharCode(unusedBits) + toBinary(bytes),
  );
}

/** An instant before 2050. */
export function utcTime(at: Date): Der {
  return asn1.create(UNIVERSAL, asn1.Type.UTCTIME, false, asn1.dateToUtcTime(at));
}

/** `[tag]` around whole nodes. */
export function tagged(tag: number, ...nodes: Der[]): Der {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the typings know universal tags only
  return asn1.create(CONTEXT_SPECIFIC, tag, true, nodes);
}

/** `[tag]` in place of a primitive's own tag. */
export function taggedBytes(tag: number, bytes: Buffer): Der {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the typings know universal tags only
  return asn1.create(CONTEXT_SPECIFIC, tag, false, toBinary(bytes));
}

/** The children of a constructed node. */
export function children(node: Der): readonly Der[] {
  return typeof node.value === 'string' ? [] : node.value;
}

/**
 * One child of a constructed node.
 * @param index from the start, or from the end when negative
 * @throws TypeError when it is not there
 */
export function child(node: Der, index: number): Der {
  const found = children(node).at(index);
  if (found) return found;
  throw new TypeError(`The ASN.1 structure has no element ${index}.`);
}

/** The content of a primitive node. */
export function bytesOf(node: Der): Buffer {
  return typeof node.value === 'string' ? Buffer.from(node.value, 'latin1') : Buffer.alloc(0);
}
