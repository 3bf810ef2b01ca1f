import { Option } from 'commander'

/** `--precision` of a command that takes the weights of networks. */
export const precisionOption = (about: string): Option =>
  new Option('--precision <name>', about).choices(['int8', 'float32', 'float16'])
