import { createRandom } from '@kic/core'

const WORDS: Readonly<Record<string, readonly string[]>> = {
  sport: ['striker', 'goal', 'match', 'coach', 'league', 'keeper', 'penalty', 'stadium'],
  politics: ['minister', 'vote', 'parliament', 'party', 'senate', 'election', 'treaty', 'mayor'],
  science: ['planet', 'telescope', 'protein', 'quantum', 'fossil', 'enzyme', 'orbit', 'neuron'],
}
const COMMON = ['the', 'a', 'new', 'last', 'after', 'before', 'today', 'week', 'said', 'about']

/** Short English sentences about sport, politics or science, and which. */
export const newsRows = (count: number, seed: number): { readonly text: string; readonly label: string }[] => {
  const random = createRandom(seed, 'news')
  const topics = Object.keys(WORDS)
  return Array.from({ length: count }, (_, i) => {
    const label = topics[i % topics.length] ?? 'sport'
    const drawn = [...(WORDS[label] ?? []), ...COMMON]
    const words = Array.from({ length: 5 }, () => drawn[random.int(drawn.length)] ?? '')
    // At least one word of the topic.
    const [sure = ''] = random.shuffle(WORDS[label] ?? [])
    return { text: random.shuffle([...words, sure]).join(' '), label }
  })
}
