using System.Globalization;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>What a client says of the bytes that it uploads, to be compared with what arrives.</summary>
/// <param name="Size">Bytes that must come; null if nobody said.</param>
/// <param name="Sums">Checksums that the bytes must have.</param>
internal sealed record UploadChecks(ulong? Size, IReadOnlyList<Checksum> Sums)
{
    /// <summary>Query keys of EOS that travel from the namespace port to the data port.</summary>
    public static readonly string[] QueryKeys = ["eos.checksum", "eos.checksumtype", "eos.targetsize"];

    /// <summary>
    /// Reads <c>Content-Length</c>, <c>Digest</c>, <c>Content-MD5</c>, <c>eos.targetsize</c>, <c>eos.checksum</c> and <c>eos.checksumtype</c>.
    /// Refused with EINVAL: malformed values, sizes that differ, a checksum type other than the file's layout has (eos.checksum only).
    /// </summary>
    public static UploadChecks Read(HttpRequest request, Capability capability)
    {
        var sums = new List<Checksum>();
        foreach (var digest in request.Headers["Digest"])
            sums.AddRange(DigestHeader.Read(digest ?? "") ?? throw Invalid($"malformed Digest header '{digest}'"));
        foreach (var md5 in request.Headers.ContentMD5)
            sums.Add(new Checksum(ChecksumType.Md5, DigestHeader.Value(ChecksumType.Md5, md5 ?? "") ?? throw Invalid($"malformed Content-MD5 header '{md5}'")));
        if (EosSum(request.Query, capability.Content.Checksum.Type) is { } eos) sums.Add(eos);
        if (Promised(capability.Content.Checksum) is { } promised) sums.Add(promised);

        var size = capability.Content.Size;
        foreach (var announced in new[] { TargetSize(request.Query), (ulong?)request.ContentLength })
        {
            if (announced is null) continue;
            if (size is not null && size != announced) throw Invalid($"sizes differ: {size} bytes were announced, now {announced}");
            size = announced;
        }

        return new UploadChecks(size, sums);
    }

    /// <summary>Refused with EINVAL when size or a checksum is not what was announced, or the size is outside the capability's limits.</summary>
    public void Compare(ulong size, Func<ChecksumType, Checksum> computed, Capability capability)
    {
        if (Size is { } announced && announced != size) throw Invalid($"{announced} bytes were announced, {size} came");
        if (size < capability.Content.MinSize) throw Invalid($"{size} bytes came, at least {capability.Content.MinSize} are needed here");
        foreach (var sum in Sums)
        {
            var real = computed(sum.Type);
            if (real.Hex != sum.Hex) throw Invalid($"checksum mismatch: {sum.Type.Name()} {sum.Hex} was announced, the bytes have {real.Hex}");
        }
    }

    private static ulong? TargetSize(IQueryCollection query)
    {
        var text = query["eos.targetsize"].ToString();
        if (text.Length == 0) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw Invalid($"malformed eos.targetsize '{text}'");
    }

    private static Checksum? EosSum(IQueryCollection query, ChecksumType layout)
    {
        var name = query["eos.checksumtype"].ToString();
        var type = layout;
        if (name.Length > 0 && (!ChecksumNames.TryParse(name, out type) || type != layout))
            throw Invalid($"checksum type '{name}' is not the file's, which is {layout.Name()}");
        var value = query["eos.checksum"].ToString();
        if (value.Length == 0) return null;
        if (layout == ChecksumType.None) throw Invalid("the file's layout has no checksum");
        return new Checksum(type, DigestHeader.Value(type, value) ?? throw Invalid($"malformed {type.Name()} checksum '{value}'"));
    }

    private static Checksum? Promised(Checksum sum) => sum.Hex.Length == 0 ? null
        : new Checksum(sum.Type, DigestHeader.Value(sum.Type, sum.Hex) ?? throw Invalid($"malformed {sum.Type.Name()} checksum '{sum.Hex}'"));

    private static EosException Invalid(string text) => new(Errno.Invalid, text);
}
