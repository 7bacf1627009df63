using System.Collections.Immutable;
using System.Net;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>
/// Fetches one file, or a part of it: where one replica breaks off, the next one goes on. A whole file must have its checksum in the end; if it has not, because the
/// replica that broke off had given wrong bytes, it is fetched anew, if the target can be set back.
/// </summary>
internal sealed class Download(EosClient client, Transfer transfer, Suspects suspects, TransferSettings settings, ImmutableSortedDictionary<string, string> options)
{
    private readonly HashSet<FsId> _bad = [];
    private readonly HashSet<FsId> _used = [];
    private OpenId? _open;
    private long _done;
    private ChecksumStream? _sum;
    private Checksum _expected = Checksum.None;

    public async Task<long> RunAsync(string path, Stream target, ByteRange? range, IProgress<long>? progress, CancellationToken cancel)
    {
        var (begin, pause) = (target.CanSeek ? target.Position : 0, new Pause(settings));
        TransferFault? last = null;
        try
        {
            for (var left = settings.Tries - 1; ; left--)
            {
                if (await OpenAsync(path, left, last, cancel) is not { } redirect)
                {
                    await pause.WaitAsync(cancel);
                    continue;
                }

                try
                {
                    await FetchAsync(redirect, target, range, progress, cancel);
                    if (range is not null || IsRight()) return _done;
                    last = new TransferFault(redirect.Locations.FirstOrDefault(), Errno.InputOutput, $"{path}: the bytes that came do not have checksum {_expected.Hex}");
                    if (!target.CanSeek || left == 0) throw last.ForCaller();
                    if (!_used.Overlaps(_bad)) _bad.UnionWith(_used);   // else those that broke off are to blame
                    Again(target, begin);
                    progress?.Report(0);
                }
                catch (TransferFault fault)
                {
                    if (!fault.IsOfServer || left == 0) throw fault.ForCaller();
                    last = fault;
                    _bad.Add(fault.Fs);
                    if (fault.Why is Errno.Communication or Errno.TimedOut) suspects.Add(fault.Fs);
                    await pause.WaitAsync(cancel);
                }
            }
        }
        finally
        {
            _sum?.Dispose();
        }
    }

    /// <summary>Null: nobody is left who was not avoided; those who were get another chance.</summary>
    private async Task<Redirect?> OpenAsync(string path, int left, TransferFault? last, CancellationToken cancel)
    {
        var avoided = suspects.Now;
        try
        {
            var redirect = await client.OpenReadAsync(path, [.. avoided.Union(_bad)], options, cancel);
            if (_open is { } open && open != redirect.Open && _done > 0) throw new EosException(Errno.TryAgain, $"{path} was replaced while it was read");
            if (_open is null) _open = redirect.Open;
            return redirect;
        }
        catch (EosException nowhere) when (nowhere.Why == Errno.NetworkUnreachable)
        {
            if (avoided.IsEmpty || left == 0) throw last?.ForCaller() ?? nowhere;
            suspects.Forget();
            return null;
        }
    }

    private async Task FetchAsync(Redirect redirect, Stream target, ByteRange? range, IProgress<long>? progress, CancellationToken cancel)
    {
        if (range is null && _done > 0 && (ulong)_done == redirect.Size) return;
        ByteRange? rest = _done == 0 ? range : new ByteRange((range?.First ?? 0) + _done, range?.Last);
        using var response = await transfer.OpenAsync(redirect, rest, cancel);
        if (rest is not null && response.StatusCode != HttpStatusCode.PartialContent)
            throw new TransferFault(redirect.Locations.FirstOrDefault(), Errno.InputOutput, $"{redirect.Host}:{redirect.Port} gave the whole file for a part");
        if (_sum is null) Expect(response);
        _used.Add(redirect.Locations.FirstOrDefault());
        await transfer.PumpAsync(
            redirect,
            response,
            async piece =>
            {
                await target.WriteAsync(piece, cancel);
                _sum!.Append(piece.Span);
                _done += piece.Length;
                progress?.Report(_done);
            },
            cancel);
    }

    private void Expect(HttpResponseMessage response)
    {
        _expected = Transfer.DigestOf(response);
        _sum = ChecksumStream.Of(ChecksumStream.Knows(_expected.Type) ? _expected.Type : ChecksumType.None);
    }

    private bool IsRight() => _sum!.Type != _expected.Type || _expected.Hex.Length == 0 || _sum.FinishValue() == _expected;

    private void Again(Stream target, long begin)
    {
        target.Position = begin;
        target.SetLength(begin);
        _sum!.Dispose();
        (_sum, _done) = (null, 0);
        _used.Clear();
    }
}
