/**
 * How many tokens of a first and a second text are kept so that they are at most `room` together: Hugging Face's
 * strategy `longest_first`. The longer text is shortened to what the shorter leaves, and both to half when that is less
 * than half; an odd token goes to the longer one, or to the second of equals. (Since 0.23 the Rust crate stops reading
 * at `maxLength` tokens and so takes two texts of that length for equals, which can move the odd token.)
 */
export const truncatePair = (
  first: number,
  second: number,
  room: number,
): [first: number, second: number] => {
  if (first + second <= room) return [first, second]
  const half = Math.floor(room / 2)
  const shorter = Math.min(first, second)
  const [less, more] = shorter <= half ? [shorter, room - shorter] : [half, room - half]
  return first > second ? [more, less] : [less, more]
}
