import type { Sealed } from '../../domain/shared/sealed.js';

/**
 * Stands for a sealed value that a read model does not keep: nothing is in its box, and no key
 * opens it.
 */
export const notKept: Sealed = { sealed: 1, subject: '', generation: 0, iv: '', box: '', mac: '' };
