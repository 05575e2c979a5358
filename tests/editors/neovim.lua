-- Opens a model in Neovim with the settings of editors/neovim, asks what a user asks, and prints
-- what was seen as JSON. Arguments: the folder of the settings, the file, "enable" or "setup".
local settings, path, way = arg[1], arg[2], arg[3]
local SECONDS = 60 * 1000

local function wait_for(what, condition)
  if not vim.wait(SECONDS, condition, 20) then
    error("in vain: " .. what .. "\n" .. vim.inspect(vim.diagnostic.get(0)))
  end
end

local function findings(rule)
  return vim.tbl_filter(function(each)
    return each.code == rule
  end, vim.diagnostic.get(0))
end

local function place(text)
  for line, written in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = written:find(text, 1, true)
    if column then
      return { line, column - 1 }
    end
  end
  error("no " .. text)
end

local function hovered(client)
  local at = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = client:request_sync("textDocument/hover", at, SECONDS, 0)
  return answer and answer.result and answer.result.contents.value or ""
end

vim.cmd("filetype on")
vim.opt.runtimepath:append(settings)
local options = { init_options = { trusted = true } }
if way == "enable" then
  vim.lsp.config("numpyro_lint", options)
  vim.lsp.enable("numpyro_lint")
else
  require("numpyro_lint").setup(options)
end

vim.cmd.edit(vim.fn.fnameescape(path))
local seen = { version = tostring(vim.version()) }
wait_for("a client", function()
  return #vim.lsp.get_clients({ bufnr = 0 }) > 0
end)
local client = vim.lsp.get_clients({ bufnr = 0 })[1]

wait_for("what the data say of the funnel", function()
  local found = findings("funnel")[1]
  return found ~= nil and found.message:find("%d+ %%") ~= nil
end)
local funnel = findings("funnel")[1]
seen.diagnostic = { line = funnel.lnum + 1, message = funnel.message, source = funnel.source }

vim.api.nvim_win_set_cursor(0, place('"theta"'))
wait_for("a hover with a shape", function()
  return hovered(client):find("(8,)", 1, true) ~= nil
end)
seen.hover = hovered(client)

-- The first action that is offered for the finding is taken.
vim.ui.select = function(items, _, choose)
  seen.actions = vim.tbl_map(function(each)
    return each.action.title
  end, items)
  for number, each in ipairs(items) do
    if each.action.title:find("Reparameterise", 1, true) then
      return choose(each, number)
    end
  end
end
vim.api.nvim_win_set_cursor(0, { funnel.lnum + 1, funnel.col })
vim.lsp.buf.code_action()
wait_for("the edit", function()
  return vim.bo.modified
end)
seen.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
wait_for("the finding to go", function()
  return #findings("funnel") == 0
end)
seen.left = #findings("funnel")

io.stdout:write(vim.json.encode(seen) .. "\n")
vim.lsp.stop_client(vim.lsp.get_clients())
wait_for("the server to end", function()
  return #vim.lsp.get_clients() == 0
end)
vim.cmd("qall!")
