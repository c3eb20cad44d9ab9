/** The ISO 8601 date this many days later (or earlier). */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

export const monthOf = (date: string): string => date.slice(0, 7);

/**
 * Noon on the 15th of the month after next: a day for a manual clock whose neighbours are in the
 * same month.
 */
export function stillNoon(): { readonly date: string; readonly instant: string } {
  const now = new Date();
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 15))
    .toISOString()
    .slice(0, 10);
  return { date: day, instant: `${day}T12:00:00.000Z` };
}
