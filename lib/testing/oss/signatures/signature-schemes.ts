import type { SignatureScheme } from './claimed-signature.js';
import { formSignature } from './form-signature.js';
import { headerSignatureV1 } from './header-signature-v1.js';
import { headerSignatureV4 } from './header-signature-v4.js';
import { querySignatureV1 } from './query-signature-v1.js';
import { querySignatureV4 } from './query-signature-v4.js';

/** Every kind of signature that OSS knows. */
export const OSS_SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
  headerSignatureV1,
  headerSignatureV4,
  querySignatureV1,
  querySignatureV4,
  formSignature,
];
