import { isatty } from 'node:tty';

/**
 * Whether SIGHUP means that the terminal is gone, and so the end. Otherwise it asks a service to
 * read its key file again, as is usual for what runs in the background. The launcher, where there
 * is one, passes it on only then.
 */
export const hangupEnds = (): boolean => process.channel === undefined && (isatty(0) || isatty(1));
