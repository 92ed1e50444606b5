/** The error of a question that a quantum processor did not answer. */
import { NlrError, type QpuErrorCode } from '../index.ts';
import type { Question } from './question.ts';

/** All attempts to have a question answered failed. The step is given up: parameters are as before it. */
export class QpuError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'QpuError';

  constructor(
    code: QpuErrorCode,
    message: string,
    /** What was asked. */
    readonly question: Question,
    /** How often it was asked. */
    readonly attempts: number,
    options?: ErrorOptions,
  ) {
    const { step, sample, evaluation } = question;
    const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    const place = `step ${step}, sample ${sample}, evaluation ${evaluation}`;
    super(code, `${place}: ${message} (after ${tried})`, options);
  }
}
