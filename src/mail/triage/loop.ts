// The loop guard: two programs that answer each other stop here. Pure; who remembers answers says when they went out, and to whom.
export interface AnsweredMail {
  /** In lower case. */
  to: string;
  /** Milliseconds since 1970. */
  at: number;
}

const HOUR_MS = 3_600_000;

/** Answers to an address within the hour before `now`. */
export function answersInLastHour(answers: readonly AnsweredMail[], address: string, now: number): number {
  const to = address.trim().toLowerCase();
  return answers.filter(
    (answer) => answer.to.trim().toLowerCase() === to && now - answer.at < HOUR_MS && answer.at <= now,
  ).length;
}

/** Whether one more automatic answer would be too many. */
export function isLoop(
  answers: readonly AnsweredMail[],
  address: string,
  { now, mostAnHour }: { now: number; mostAnHour: number },
): boolean {
  return answersInLastHour(answers, address, now) >= mostAnHour;
}
