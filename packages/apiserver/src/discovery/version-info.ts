/** `/version`: the Kubernetes version whose behaviour this server has. */
export const versionInfo: Readonly<Record<string, string>> = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3+reeve',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'node',
  platform: platformName(),
};

function platformName(): string {
  return `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
