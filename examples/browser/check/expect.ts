/** Prints what holds, and throws where it does not. */
export const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`not so: ${what}`)
  console.log(`ok  ${what}`)
}
