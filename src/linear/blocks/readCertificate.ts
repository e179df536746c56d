import type { ModelReader } from '../../core/modelReader.ts';
import { type Certificate, STATUSES } from '../certificate.ts';

/** The certificate of a saved model. */
export function readCertificate(model: ModelReader): Certificate {
  const proof = model.object('certificate');
  return {
    converged: proof.boolean('converged'),
    status: proof.oneOf('status', STATUSES),
    gap: proof.number('gap'),
    kkt: proof.number('kkt'),
    primal: proof.number('primal'),
    dual: proof.number('dual'),
    epochs: proof.number('epochs'),
    tol: proof.number('tol'),
  };
}
