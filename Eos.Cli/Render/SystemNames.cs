using System.Runtime.InteropServices;

namespace Eos.Cli.Render;

/// <summary>
/// Users and groups that this machine knows from elsewhere than its files (sssd, LDAP): the C library is asked, which may take a while. Null: nobody has that name or number, or the library does
/// not say.
/// </summary>
internal static partial class SystemNames
{
    private const int NotEnough = 34;   // ERANGE
    private const int FirstBuffer = 16 << 10, LastBuffer = 4 << 20;

    private delegate int Call(out Entry entry, nint buffer, nint size, out nint found);

    public static string? User(uint uid) => Ask((out Entry e, nint b, nint s, out nint f) => UserOf(uid, out e, b, s, out f))?.Name;

    public static string? Group(uint gid) => Ask((out Entry e, nint b, nint s, out nint f) => GroupOf(gid, out e, b, s, out f))?.Name;

    public static uint? Uid(string name) => Ask((out Entry e, nint b, nint s, out nint f) => UserNamed(name, out e, b, s, out f))?.Id;

    public static uint? Gid(string name) => Ask((out Entry e, nint b, nint s, out nint f) => GroupNamed(name, out e, b, s, out f))?.Id;

    private static (string Name, uint Id)? Ask(Call call)
    {
        if (!OperatingSystem.IsLinux()) return null;
        for (var size = FirstBuffer; size <= LastBuffer; size *= 4)
        {
            var buffer = Marshal.AllocHGlobal(size);
            try
            {
                var error = call(out var entry, buffer, size, out var found);
                if (error != NotEnough) return error == 0 && found != 0 && Marshal.PtrToStringUTF8(entry.Name) is { Length: > 0 } name ? (name, entry.Id) : null;
            }
            finally
            {
                Marshal.FreeHGlobal(buffer);
            }
        }
        return null;
    }

    /// <summary>`struct passwd` and `struct group` begin alike; the rest is room for what is not looked at.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public nint Name;
        public nint Password;
        public uint Id;
        public uint Group;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int UserOf(uint uid, out Entry entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static partial int GroupOf(uint gid, out Entry entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UserNamed(string name, out Entry entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupNamed(string name, out Entry entry, nint buffer, nint size, out nint found);
}
