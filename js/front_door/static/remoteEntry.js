/**
 * The container that JupyterLab loads first (module federation, written by hand: these
 * files are the source and what runs; nothing is built).
 */
(() => {
  const NAME = 'collection-workbench';
  const LAB_CORE = '_JUPYTERLAB.CORE_OUTPUT';
  let scope;

  /** A package as JupyterLab itself uses it: tokens are compared by identity. */
  async function shared(name) {
    const versions = Object.values(scope[name] ?? {});
    const version = versions.find(({ from }) => from === LAB_CORE) ?? versions[0];
    if (!version) {
      throw new Error(`${NAME}: this JupyterLab does not share ${name}`);
    }
    return (await version.get())();
  }

  async function extension() {
    const [{ makePlugin }, ...packages] = await Promise.all([
      import('./plugin.js'),
      ...[
        '@jupyterlab/coreutils',
        '@jupyterlab/launcher',
        '@jupyterlab/notebook',
        '@jupyterlab/ui-components',
        '@lumino/widgets',
      ].map(shared),
    ]);
    const plugin = makePlugin(Object.assign({}, ...packages));
    return () => ({ __esModule: true, default: [plugin] });
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB[NAME] = {
    init(sharedScope) {
      scope = sharedScope;
    },
    get(module) {
      return module === './extension'
        ? extension()
        : Promise.reject(new Error(`${NAME}: there is no module ${module}`));
    },
  };
})();
