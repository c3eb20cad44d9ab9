/** A date some days later (or earlier), ISO 8601. */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

export const monthOf = (date: string): string => date.slice(0, 7);

/**
 * The fifteenth of the month after next, at noon: with a manual clock, a day whose neighbours are
 * in its month.
 */
export function stillNoon(): { readonly date: string; readonly instant: string } {
  const now = new Date();
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 15))
    .toISOString()
    .slice(0, 10);
  return { date: day, instant: `${day}T12:00:00.000Z` };
}
