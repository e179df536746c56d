import type { ModelReader } from '../core/modelReader.ts';
import { type Certificate, STATUSES } from './certificate.ts';

/** A certificate as `toJSON` writes it. */
export function readCertificate(proof: ModelReader): Certificate {
  const certificate: Certificate = {
    converged: proof.boolean('converged'),
    status: proof.oneOf('status', STATUSES),
    gap: proof.number('gap'),
    kkt: proof.number('kkt'),
    primal: proof.number('primal'),
    dual: proof.number('dual'),
    epochs: proof.number('epochs'),
    tol: proof.number('tol'),
  };
  if (proof.has('unique')) certificate.unique = proof.boolean('unique');
  return certificate;
}
