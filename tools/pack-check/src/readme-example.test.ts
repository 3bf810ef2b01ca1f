import { describe, expect, it } from 'vitest'
import { readmeExample } from './readme-example.ts'

const readme = `# @kic/x

\`\`\`sh
npm install @kic/x  @tensorflow/tfjs
\`\`\`

\`\`\`ts
import { a } from '@kic/x'
console.log(a)
\`\`\`

\`\`\`ts
throw new Error('the second block')
\`\`\`
`

describe('readmeExample', () => {
  it('takes the first install line and the first block of TypeScript', () => {
    expect(readmeExample('README.md', readme)).toEqual({
      installs: ['@kic/x', '@tensorflow/tfjs'],
      source: "import { a } from '@kic/x'\nconsole.log(a)\n",
    })
  })

  it('takes an install line that continues', () => {
    const continued = readme.replace('@kic/x  @tensorflow', '@kic/x \\\n  @kic/y \\\n  @tensorflow')
    expect(readmeExample('README.md', continued).installs).toEqual(['@kic/x', '@kic/y', '@tensorflow/tfjs'])
  })

  it('reports missing parts of a README', () => {
    expect(() => readmeExample('a/README.md', readme.replaceAll('```ts', '```js'))).toThrow(
      /a\/README\.md needs a ```ts/,
    )
    expect(() => readmeExample('a/README.md', readme.replace('npm install', 'npm run'))).toThrow(
      /npm install/,
    )
  })
})
