import forge from 'node-forge';

const { asn1, pki } = forge;

const sequence = (...values: forge.asn1.Asn1[]) =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, values);
const tagged = (...values: forge.asn1.Asn1[]) =>
  asn1.create(asn1.Class.CONTEXT_SPECIFIC, asn1.Type.NONE, true, values);
const octets = (value: forge.asn1.Asn1) =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, asn1.toDer(value).getBytes());
const oid = (name: string) =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(pki.oids[name] ?? '').getBytes());
const data = (value: forge.asn1.Asn1) => sequence(oid('data'), tagged(octets(value)));

/** The structure that DER bytes hold. */
export function decodeDer(bytes: Buffer): forge.asn1.Asn1 {
  return asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')));
}

/** A bag with a key: PKCS#8, in the clear or encrypted. */
export function keyBag(type: 'keyBag' | 'pkcs8ShroudedKeyBag', pkcs8: forge.asn1.Asn1): forge.asn1.Asn1 {
  return sequence(oid(type), tagged(pkcs8));
}

/** A bag with an X.509 certificate. */
export function certBag(certificate: forge.asn1.Asn1): forge.asn1.Asn1 {
  return sequence(oid('certBag'), tagged(sequence(oid('x509Certificate'), tagged(octets(certificate)))));
}

/** A PKCS#12 store without MAC around some bags, in base64. */
export function pkcs12Store(...bags: readonly forge.asn1.Asn1[]): string {
  const version = asn1.create(
    asn1.Class.UNIVERSAL,
    asn1.Type.INTEGER,
    false,
    asn1.integerToDer(3).getBytes(),
  );
  return forge.util.encode64(
    asn1.toDer(sequence(version, data(sequence(data(sequence(...bags)))))).getBytes(),
  );
}
