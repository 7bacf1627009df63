using System.Globalization;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>What both ports say of a file in the same words: entity tag, digest, time of modification.</summary>
internal static class FileHeaders
{
    private const int InodeShift = 28;

    /// <summary>EOS's entity tag: inode and checksum, quoted; the inode is the file id shifted by 28 bits.</summary>
    public static string Tag(FileId file, Checksum checksum) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{unchecked(file.Value << InodeShift)}:{checksum.Hex}\"");

    public static void Write(HttpResponse response, FileId file, Checksum checksum, Instant modified)
    {
        response.Headers.ETag = Tag(file, checksum);
        response.Headers.LastModified = Date(modified);
        if (DigestHeader.Write(checksum) is { Length: > 0 } digest) response.Headers["Digest"] = digest;
    }

    public static string Date(Instant moment) => moment.ToDateTimeOffset().ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether a list of entity tags (If-None-Match) names this one, or anything at all.</summary>
    public static bool Names(string list, string tag) =>
        list.Split(',', StringSplitOptions.TrimEntries).Any(one => one == "*" || one == tag || one == "W/" + tag);
}
