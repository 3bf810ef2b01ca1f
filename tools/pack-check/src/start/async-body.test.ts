import { expect, it } from 'vitest'
import { asyncBody } from './async-body.ts'

it('leaves imports at the top and awaits the rest in a function', () => {
  const program = "import { a } from 'a'\nimport {\n  b,\n} from 'b'\n\nconsole.log(await a(b))\n"
  expect(asyncBody(program)).toBe(
    "import { a } from 'a'\nimport {\n  b,\n} from 'b'\nconst main = async (): Promise<void> => {\n" +
      '\nconsole.log(await a(b))\n\n}\nvoid main()\n',
  )
})
