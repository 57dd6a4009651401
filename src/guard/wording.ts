import type { FileStatus } from './status-file';

/** How long ago something was, as people say it: `12 min`, `5 h`, `3 days`. Both in seconds since 1970. */
export function ageOf(since: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - since) / 60));
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** The sentence the hook says, in English, for terminals. */
export function redSentence(status: FileStatus, now: number): string {
  const { branch = 'the shared branch', since, running } = status;
  const known = since !== undefined && since <= now;
  const red = known ? `has been red for ${ageOf(since, now)}` : 'is red';
  const again = running ? ', is being built again' : '';
  return `the build of ${branch} ${red}${again} and takes nothing but fixes`;
}
