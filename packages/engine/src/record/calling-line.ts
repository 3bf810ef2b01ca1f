/** The directory of this package's running code, from a stack line of this module. */
const ownRoot = ((): string => {
  const here = (new Error('here').stack ?? '').split('\n')[1] ?? ''
  const path = here.replace(/^.*?\(|^\s*at /, '').replace(/:\d+:\d+\)?$/, '')
  const cut = Math.max(...['/src/', '/dist/', '\\dist\\'].map((part) => path.lastIndexOf(part)))
  return cut < 0 ? path : path.slice(0, cut + 5)
})()

/** Whether a stack line is TensorFlow.js's; with source maps, it has the names of TensorFlow.js's sources. */
export const isTensorFlow = (line: string): boolean =>
  /[\\/]@tensorflow[\\/]|[\\/]tfjs-[a-z-]+[\\/]src[\\/]/.test(line)

const isForeign = (line: string): boolean =>
  !isTensorFlow(line) &&
  !/node:internal|native\)?$|<anonymous>\)?$/.test(line) &&
  (!line.includes(ownRoot) || /\.test\.[cm]?ts/.test(line))

/** The first line of a stack outside this package and TensorFlow.js: the call in user code. */
export const callingLine = (error: Error): string => {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s*at /.test(line))
  return (lines.find(isForeign) ?? lines[0] ?? 'unknown').trim().replace(/^at /, '')
}
