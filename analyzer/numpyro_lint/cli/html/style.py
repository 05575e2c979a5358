"""How the page looks, beyond what all pages have."""

STYLE = """
:root { --error: #b3261e; --warning: #8a4b00; --info: #0550ae; --hint: #59636e; --mark: #fff0c2;
  --added: #116329; --removed: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --error: #ff8f87; --warning: #f0b35e; --info: #6cb0ff; --hint: #9aa4ae; --mark: #4d3f12;
    --added: #5fd47e; --removed: #ff8f87; }
}
.closing { font-weight: 600; }
section.file { border-top: 1px solid var(--line); margin-top: 2.5rem; }
article { margin: 1.25rem 0; }
.finding { border-left: 4px solid var(--severity); padding-left: 1rem; }
.finding.error { --severity: var(--error); } .finding.warning { --severity: var(--warning); }
.finding.info { --severity: var(--info); } .finding.hint { --severity: var(--hint); }
.finding h3 { margin: 0; }
.finding p, .notes { margin: 0.4rem 0; }
.level { color: var(--severity); text-transform: uppercase; font-size: 0.8em; }
.where, .notes { color: var(--faint); font-size: 0.875rem; }
.notes { padding-left: 1.25rem; }
code, pre, .where { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font-size: 0.9em; }
pre { background: var(--raised); padding: 0.6rem 0.8rem; border-radius: 6px; overflow-x: auto;
  font-size: 0.85rem; line-height: 1.45; margin: 0.4rem 0; }
.wrapped { white-space: pre-wrap; line-height: 1.6; }
mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--severity);
  padding-bottom: 0.15em; }
.diff .added { color: var(--added); } .diff .removed { color: var(--removed); }
.diff .faint, .diff .place { color: var(--faint); }
dl { display: grid; grid-template-columns: fit-content(60%) 1fr; gap: 0.1rem 1rem;
  margin: 0.5rem 0; font-size: 0.875rem; }
dt { color: var(--faint); } dd { margin: 0; }
.stacks h3 { margin: 1rem 0 0; font-size: 0.875rem; }
.stacks dl { grid-template-columns: 6rem 1fr; margin: 0.2rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; padding: 0; list-style: none; }
.wide { overflow-x: auto; margin: 0.6rem 0; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { text-align: left; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; margin: 0.4rem 0; }
h4, details h3 { margin: 1.2rem 0 0.3rem; font-size: 1rem; }
footer { margin-top: 3rem; color: var(--faint); font-size: 0.875rem; }
@media (max-width: 40rem) {
  .finding dl { grid-template-columns: 1fr; } .finding dd { margin-bottom: 0.3rem; }
}
@media print {
  details::details-content { content-visibility: visible; }
  pre, th, td { white-space: pre-wrap; } h2, h3, h4 { break-after: avoid; }
}
"""
