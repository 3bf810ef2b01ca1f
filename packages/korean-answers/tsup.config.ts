import { library } from '../../tsup.base.ts'

// A source map would hold the lexicon once more.
export default library({ sourcemap: false })
