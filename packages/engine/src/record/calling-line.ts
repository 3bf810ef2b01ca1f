/** The directory of this package's code as it runs, from a stack line of this very module. */
const ownRoot = ((): string => {
  const here = (new Error('here').stack ?? '').split('\n')[1] ?? ''
  const path = here.replace(/^.*?\(|^\s*at /, '').replace(/:\d+:\d+\)?$/, '')
  const cut = Math.max(...['/src/', '/dist/', '\\dist\\'].map((part) => path.lastIndexOf(part)))
  return cut < 0 ? path : path.slice(0, cut + 5)
})()

/** Whether a stack line is TensorFlow.js's; under source maps the names of its own sources stand there. */
export const isTensorFlow = (line: string): boolean =>
  /[\\/]@tensorflow[\\/]|[\\/]tfjs-[a-z-]+[\\/]src[\\/]/.test(line)

const isForeign = (line: string): boolean =>
  !isTensorFlow(line) &&
  !/node:internal|native\)?$|<anonymous>\)?$/.test(line) &&
  (!line.includes(ownRoot) || /\.test\.[cm]?ts/.test(line))

/** The first line of a stack outside of this package and TensorFlow.js: where user code made the call. */
export const callingLine = (error: Error): string => {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s*at /.test(line))
  return (lines.find(isForeign) ?? lines[0] ?? 'unknown').trim().replace(/^at /, '')
}
