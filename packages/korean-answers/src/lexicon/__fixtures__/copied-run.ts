/**
 * The longest run of words that a list has in common with another, sorted one: each word after the first comes behind the one
 * before it in the other list, too, at most `skipped` words apart. Who copies entries of a sorted list leaves such runs, even
 * if words are left out; who writes words down leaves none.
 */
export const copiedRun = (
  words: readonly string[],
  sorted: readonly string[],
  skipped = 2,
): readonly string[] => {
  const places = new Map(sorted.map((word, place) => [word, place]))
  let longest: readonly string[] = []
  let run: string[] = []
  let before = Number.NaN
  for (const word of words) {
    const place = places.get(word) ?? Number.NaN
    const distance = place - before
    run = distance > 0 && distance <= skipped + 1 ? [...run, word] : Number.isNaN(place) ? [] : [word]
    if (run.length > longest.length) longest = run
    before = place
  }
  return longest
}
