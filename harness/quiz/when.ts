/** When something comes again, seen from `now`: `in 10 minutes` · `tomorrow` · `in 3 days`. */
export function inWords(at: number, now: number): string {
  const minutes = Math.ceil((at - now) / 60_000);
  if (minutes <= 0) return 'now';
  if (minutes === 1) return 'in a minute';
  if (minutes < 90) return `in ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  if (hours < 20) return `in ${hours} hours`;
  const days = Math.max(1, Math.round(minutes / (60 * 24)));
  if (days === 1) return 'tomorrow';
  return days < 60 ? `in ${days} days` : `in ${Math.round(days / 30)} months`;
}
