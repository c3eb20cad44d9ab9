import ts from 'typescript';
import type { SourceFile } from './tracked-files.js';

/** The places where `isOffence` is true, as `path:line text`. */
export function offences(
  file: SourceFile,
  isOffence: (node: ts.Node) => boolean,
): readonly string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isOffence(node))
      found.push(
        `${file.path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`,
      );
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export const isAny = (node: ts.Node): boolean => node.kind === ts.SyntaxKind.AnyKeyword;

const MONEY = /amount|price|money|total|limit|balance|usd|rate(?!d|s?Month)/i;
// Names that contain one of those words but mean counts or dates.
const NO_MONEY = /rateLimit|row|count|digits|generat|month|limit(?!Amount)$/i;
const namesMoney = (text: string): boolean => MONEY.test(text) && !NO_MONEY.test(text);

/** A binary float near money: `0.1 + 0.2` is not `0.3`, and no rounding rule repairs that later. */
export const isFloatNearMoney = (node: ts.Node): boolean =>
  isFloatParse(node) || isConversionOfMoney(node) || isMoneyAsNumber(node);

const isFloatParse = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && /(^|\.)(parseFloat|toNumber)$/.test(node.expression.getText());

const isConversionOfMoney = (node: ts.Node): boolean =>
  (ts.isCallExpression(node) &&
    node.expression.getText() === 'Number' &&
    node.arguments.some((argument) => namesMoney(argument.getText()))) ||
  (ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.PlusToken &&
    namesMoney(node.operand.getText()));

const isMoneyAsNumber = (node: ts.Node): boolean =>
  (ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isVariableDeclaration(node)) &&
  node.type?.kind === ts.SyntaxKind.NumberKeyword &&
  namesMoney(node.name.getText());

/** No number in the domain has a fraction: quantities, days, months and revisions are integers. */
export const isFraction = (node: ts.Node): boolean =>
  ts.isNumericLiteral(node) && !Number.isInteger(Number(node.text));
