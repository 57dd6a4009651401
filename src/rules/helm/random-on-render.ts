import { defineRule } from '../../engine/rule';
import { type Said, say } from '../../engine/said';
import { type ChartTemplate, isTestData, kubernetes } from '../../formats/kubernetes';

/** https://helm.sh/docs/chart_template_guide/function_list/: what gives another answer each time. */
const changing =
  /(?<![.$\w"-])(randAlphaNum|randAlpha|randNumeric|randAscii|randBytes|randInt|uuidv4|shuffle|genPrivateKey|genCAWithKey|genCA|genSelfSignedCertWithKey|genSelfSignedCert|genSignedCertWithKey|genSignedCert|htpasswd|bcrypt|now)(?![\w"-])/;

export default defineRule({
  id: 'helm/random-on-render',
  on: kubernetes,
  summary: 'A template gives another value each time it is rendered',
  why: 'Each upgrade renders the chart anew: passwords and certificates change under the programs that use them, though nobody changed anything.',
  concern: 'idempotency',
  severity: 'warning',
  recommended: true,
  since: '0.1.0',

  create: ({ document, path, report }) => {
    let told: number | undefined;
    return {
      template(template) {
        const name = functionIn(template);
        if (name === undefined || isTestData(path)) return;
        const line = document.source.text.lastIndexOf('\n', template.range[0]);
        if (line === told) return;
        told = line;
        const deliberate = isDeliberate(template);
        report({
          at: template,
          ...(deliberate && { severity: 'info' }),
          message: deliberate
            ? say`${name} restarts the pods at every upgrade, changed or not`
            : say`${name} gives another ${product(name)} at every upgrade`,
        });
      },
    };
  },
});

/** The changing function an expression calls, unless something else decides that it is called only once. */
function functionIn(template: ChartTemplate): string | undefined {
  const { around, object, siblings, text } = template;
  if (text.startsWith('/*')) return undefined;
  const found = changing.exec(text.replace(/"(?:\\.|[^"\\])*"|`[^`]*`/g, '""'))?.[1];
  if (found === undefined) return undefined;
  // The value in the cluster is looked up first, here or in what the expression is given.
  if (siblings.some((each) => /\blookup\b/.test(each.text))) return undefined;
  // Rendered at the first installation alone, or only for who brings no secret of their own.
  if (around.some((each) => /\.Is(?:Install|Upgrade)\b|existing/i.test(each))) return undefined;
  // It follows from the authority that is told already.
  if (found.startsWith('genSignedCert') && siblings.some((each) => /\bgenCA/.test(each.text))) {
    return undefined;
  }
  // Hooks are run, not kept up to date; the name of a Job has to change for it to run again.
  if (object && [...object.annotations.keys()].some((key) => key.startsWith('helm.sh/hook'))) {
    return undefined;
  }
  return object?.kind === 'Job' && template.key === 'name' ? undefined : found;
}

/** `rollme: {{ randAlphaNum 5 }}` in the annotations of a pod: the restart is what is wanted. */
function isDeliberate({ key, object }: ChartTemplate): boolean {
  if (key === undefined || !object || object.pods.length === 0) return false;
  return object.annotations.has(key);
}

function product(name: string): Said {
  if (/^gen.*Cert|^genCA/.test(name)) return say`certificate`;
  if (name === 'genPrivateKey') return say`key`;
  if (name === 'htpasswd' || name === 'bcrypt') return say`hash`;
  return name === 'now' ? say`time` : say`value`;
}
