import * as vscode from 'vscode';

/** A time of today as HH:MM; of another day with the date. Seconds since 1970. */
export function clockTime(seconds: number, now = Date.now()): string {
  const date = new Date(seconds * 1000);
  const time = date.toLocaleTimeString(vscode.env.language, { hour: '2-digit', minute: '2-digit' });
  const today = date.toDateString() === new Date(now).toDateString();
  return today ? time : `${date.toLocaleDateString(vscode.env.language)} ${time}`;
}
