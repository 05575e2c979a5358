-- Put this file into the `lsp` folder of your Neovim configuration (0.11 or newer), and add
--     vim.lsp.enable("numpyro_lint")
-- to your init.lua.
return {
  cmd = { "numpyro-lint-server" },
  filetypes = { "python" },
  root_markers = { "numpyro-lint.toml", "pyproject.toml", ".git" },
  init_options = {
    -- true lets the server run the models of every project that you open; set it for projects
    -- whose code you would run yourself.
    trusted = false,
    settings = { trace = "on", pedantic = false },
  },
}
