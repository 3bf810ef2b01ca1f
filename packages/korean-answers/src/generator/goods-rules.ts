import type { GoodsRule } from './goods-rule.ts'
import { goodsRulesByMachine } from './goods-rules-by-machine.ts'
import { goodsRulesByMaterial } from './goods-rules-by-material.ts'
import { goodsRulesByTrade } from './goods-rules-by-trade.ts'

const rules: Readonly<Record<string, readonly GoodsRule[]>> = {
  ...goodsRulesByMaterial,
  ...goodsRulesByMachine,
  ...goodsRulesByTrade,
}

/** The rules by which a group names goods besides its own list; they follow from how the classification is built. */
export const goodsRulesOf = (group: string): readonly GoodsRule[] => rules[group] ?? []
