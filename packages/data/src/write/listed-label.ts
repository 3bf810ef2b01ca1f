/** A letter or a digit, then no space, colon, quote or invisible character. */
const BARE = /^[\p{L}\p{N}][^\s:"\p{C}]*$/u

/**
 * A label in a list such as `952:0.9345 451:0.0210`: it is a JSON string if it does not begin with a letter or a digit, or
 * has a space, a colon, a quote or an invisible character. So a reader takes an item that begins with a quote for a JSON
 * string, and any other item up to its colon; and no list begins as a formula does.
 */
export const listedLabel = (label: string): string => (BARE.test(label) ? label : JSON.stringify(label))
