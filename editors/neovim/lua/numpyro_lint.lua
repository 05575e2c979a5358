-- For Neovim 0.8 to 0.10, which have no `vim.lsp.enable`: with this folder on the runtimepath,
--     require("numpyro_lint").setup({ init_options = { trusted = true } })
-- starts the server of lsp/numpyro_lint.lua, with what is given here in place of what is there.
local M = {}

local function root_of(buffer, markers)
  local path = vim.api.nvim_buf_get_name(buffer)
  local found = vim.fs.find(markers, { upward = true, path = vim.fs.dirname(path) })[1]
  return vim.fs.dirname(found or path)
end

function M.setup(options)
  local file = vim.api.nvim_get_runtime_file("lsp/numpyro_lint.lua", false)[1]
  local config = vim.tbl_deep_extend("force", dofile(file), options or {})
  vim.api.nvim_create_autocmd("FileType", {
    pattern = config.filetypes,
    callback = function(event)
      vim.lsp.start({
        name = "numpyro_lint",
        cmd = config.cmd,
        root_dir = root_of(event.buf, config.root_markers),
        init_options = config.init_options,
      }, { bufnr = event.buf })
    end,
  })
end

return M
