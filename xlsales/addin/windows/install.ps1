# 为当前用户安装 xlsales:不需要 Python,也不需要管理员权限。
# Installs xlsales for you alone: it needs no Python and no administrator rights.
#
# 1. uv: the one beside this file or on this PC; else it is fetched from astral.sh into %LOCALAPPDATA%\Programs\uv
# 2. uv installs xlsales, with a Python of its own, into your user folder, and puts xlsales on your PATH
# 3. xlsales puts its add-in into your XLSTART folder
# How to take all of it away again: "Uninstall" in INSTALL.md.

$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Stop-With($zh, $en) {
    Write-Host "`n$zh`n$en" -ForegroundColor Red
    exit 1
}

# What is installed: the wheel beside this file, else the folder of the project that this file is in
$source = Get-ChildItem $here -Filter "xlsales-*.whl" | Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName
if (-not $source) { $source = (Get-Item (Join-Path $here "..\..\..")).FullName }
if (-not ($source.EndsWith(".whl") -or (Test-Path (Join-Path $source "pyproject.toml")))) {
    Stop-With "install.cmd 旁边没有 xlsales-….whl。请放好再运行一次。" "There is no xlsales-….whl beside install.cmd. Put it there and run this again."
}
if (Get-Process excel -ErrorAction SilentlyContinue) {
    Stop-With "Excel 还开着。请关闭所有 Excel 窗口,再运行一次。" "Excel is open. Close every Excel window and run this again."
}

# 1. uv
$env:UV_INSTALL_DIR = Join-Path $env:LOCALAPPDATA "Programs\uv"
$env:UV_NO_MODIFY_PATH = "1"
$places = @((Join-Path $here "uv.exe"), (Join-Path $env:UV_INSTALL_DIR "uv.exe"))
$places += Get-Command uv -CommandType Application -ErrorAction SilentlyContinue | ForEach-Object { $_.Source }
$uv = $places | Where-Object { Test-Path $_ } | Select-Object -First 1
if (-not $uv) {
    Write-Host "下载 uv … / Fetching uv …"
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
        Invoke-RestMethod "https://astral.sh/uv/0.13.9/install.ps1" | Invoke-Expression
    } catch {
        $reason = $_.Exception.Message
        Stop-With "下载 uv 失败:$reason 请把 uv.exe 放到 install.cmd 旁边,再运行一次。" "uv could not be fetched: $reason Put uv.exe beside install.cmd and run this again."
    }
    $uv = Join-Path $env:UV_INSTALL_DIR "uv.exe"
}

# 2. xlsales, with a Python of its own: Excel does not see what the Python of the Microsoft Store writes
Write-Host "安装 xlsales … / Installing xlsales …"
& $uv tool install --reinstall --managed-python --python 3.12 $source
if ($LASTEXITCODE) { Stop-With "xlsales 没有装上,原因见上。" "xlsales was not installed, for the reason above." }
& $uv tool update-shell
$xlsales = Join-Path (& $uv tool dir --bin) "xlsales.exe"

# 3. the add-in
& $xlsales addin install
if ($LASTEXITCODE) { Stop-With "加载项没有装上,原因见上;命令行 xlsales 可以用。" "The add-in was not installed, for the reason above. The command line xlsales works." }
& $xlsales addin doctor
Write-Host "`n装好了。请打开 Excel,找“销售目标”选项卡。`nDone. Open Excel and find the tab 销售目标." -ForegroundColor Green
