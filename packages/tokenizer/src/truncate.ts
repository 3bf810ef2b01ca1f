/**
 * The numbers of tokens to keep of two texts so that their sum is at most `room`: Hugging Face's strategy
 * `longest_first`. The longer text is shortened to the room that the shorter leaves, or both to half if that is less
 * than half. An odd token goes to the longer text, or to the second of equals. (Since 0.23 the Rust crate stops reading
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
